-- Revoked sessions, for MySQL and MariaDB. Only for locations with revocations=true, and for
-- `satchel-keys sign-out`. Run it as the owner of the schema.
-- A node, reader or writer, needs: grant select, insert, delete.
create table if not exists satchel_key_ring_revoked (
  name varchar(64) character set ascii collate ascii_bin not null,
  seq bigint not null,
  expires_at bigint not null,
  record varbinary(8192) not null,
  primary key (name, seq)
) engine = InnoDB
