-- One set of tables for SQLite and PostgreSQL. What has no JID is kept under the empty text, since
-- a key can't be null; times and lists are text, so that both databases give back what they got.

-- One row: which key the credentials are encrypted with, a text encrypted with it by which a wrong
-- key is told, and, while a gateway with its key in the environment takes over a new one, that key.
CREATE TABLE registry (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  key_id TEXT,
  key_check ${bytes},
  handover ${bytes}
);
INSERT INTO registry (id) VALUES (1);

CREATE TABLE accounts (
  jid TEXT PRIMARY KEY,
  standard INTEGER NOT NULL,
  active_jid TEXT,
  active_address TEXT,
  active_port INTEGER,
  active_tls TEXT,
  active_password ${bytes},
  pending_jid TEXT,
  pending_address TEXT,
  pending_port INTEGER,
  pending_tls TEXT,
  pending_password ${bytes},
  failure TEXT,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX one_standard_account ON accounts (standard) WHERE standard = 1;

-- An account of the configuration file has devices here and no row above.
CREATE TABLE devices (
  account TEXT NOT NULL,
  di TEXT NOT NULL,
  spelling TEXT NOT NULL,
  rt TEXT,
  name TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  owner TEXT,
  expires TEXT,
  key_identity TEXT,
  key_secret ${bytes},
  version BIGINT NOT NULL,
  PRIMARY KEY (account, di)
);

CREATE TABLE links (
  account TEXT NOT NULL,
  di TEXT NOT NULL,
  position INTEGER NOT NULL,
  href TEXT NOT NULL,
  rt TEXT NOT NULL,
  interfaces TEXT NOT NULL,
  policy INTEGER NOT NULL,
  ins TEXT NOT NULL,
  PRIMARY KEY (account, di, position),
  FOREIGN KEY (account, di) REFERENCES devices (account, di)
    ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE endpoints (
  account TEXT NOT NULL,
  di TEXT NOT NULL,
  link INTEGER NOT NULL,
  position INTEGER NOT NULL,
  uri TEXT NOT NULL,
  PRIMARY KEY (account, di, link, position),
  FOREIGN KEY (account, di, link) REFERENCES links (account, di, position)
    ON DELETE CASCADE ON UPDATE CASCADE
);

-- kind self: the gateway's own identifier, its subject is empty. kind account: what the gateway's
-- own session binds with, by bare JID. kind owner: whom an identifier belongs to.
CREATE TABLE identities (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, subject)
);
