-- The key rings of Satchel, one row each, for MySQL and MariaDB. Run it as the owner of the schema.
-- A node that reads needs: grant select; one that writes: grant select, insert, update. Nobody needs delete.
create table if not exists satchel_key_ring (
  name varchar(64) character set ascii collate ascii_bin not null primary key,
  revision bigint not null,
  committed_at bigint not null,
  document mediumblob not null
) engine = InnoDB
