-- The key rings of Satchel, one row each, for H2. Run it as the owner of the schema.
-- A node that reads needs: grant select; one that writes: grant select, insert, update. Nobody needs delete.
create table if not exists satchel_key_ring (
  name varchar(64) not null primary key,
  revision bigint not null,
  committed_at bigint not null,
  document varbinary(1048576) not null
)
