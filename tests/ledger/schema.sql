-- version 1
CREATE INDEX claims_by_place ON claims (place_id, sequence);
CREATE INDEX claims_by_reading ON claims (reading_id);
CREATE INDEX claims_by_report ON claims (report_id);
CREATE INDEX decisions_by_claim ON decisions (claim_id, sequence);
CREATE INDEX decisions_by_place ON decisions (place_id);
CREATE INDEX entries_by_recorded ON entries (recorded);
CREATE INDEX readings_by_published ON readings (published);
CREATE INDEX readings_by_recorded ON readings (recorded);
CREATE INDEX readings_by_report ON readings (report_id, id);
CREATE TABLE claims (
	sequence INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	reading_id INTEGER NOT NULL, 
	report_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	place_id TEXT, 
	body TEXT NOT NULL, 
	PRIMARY KEY (sequence), 
	UNIQUE (id, reading_id), 
	FOREIGN KEY(sequence) REFERENCES entries (sequence), 
	FOREIGN KEY(reading_id) REFERENCES readings (id), 
	FOREIGN KEY(report_id) REFERENCES reports (id)
);
CREATE TABLE decisions (
	sequence INTEGER NOT NULL, 
	claim_id TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	note TEXT NOT NULL, 
	undoes INTEGER, 
	place_id TEXT, 
	body TEXT NOT NULL, 
	PRIMARY KEY (sequence), 
	FOREIGN KEY(sequence) REFERENCES entries (sequence), 
	UNIQUE (undoes), 
	FOREIGN KEY(undoes) REFERENCES decisions (sequence)
);
CREATE TABLE entries (
	sequence INTEGER NOT NULL, 
	recorded VARCHAR(27) NOT NULL, 
	kind VARCHAR(8) NOT NULL CHECK (kind IN ('claim', 'decision')), 
	PRIMARY KEY (sequence)
);
CREATE TABLE meta (
	version INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	applied VARCHAR(27) NOT NULL, 
	PRIMARY KEY (version)
);
CREATE TABLE readings (
	id INTEGER NOT NULL, 
	report_id TEXT NOT NULL, 
	coder TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	recorded VARCHAR(27) NOT NULL, 
	published DATE, 
	publisher TEXT NOT NULL, 
	title TEXT NOT NULL, 
	url TEXT NOT NULL, 
	language TEXT NOT NULL, 
	copy_of TEXT, 
	claims INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (report_id, coder, digest), 
	FOREIGN KEY(report_id) REFERENCES reports (id)
);
CREATE TABLE reports (
	id TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	recorded VARCHAR(27) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(sha256) REFERENCES texts (sha256)
);
CREATE TABLE texts (
	sha256 VARCHAR(64) NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (sha256)
);
CREATE TRIGGER claims_refuse_delete BEFORE DELETE ON claims BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER claims_refuse_replace BEFORE INSERT ON claims WHEN EXISTS (SELECT 1 FROM claims WHERE sequence = NEW.sequence) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER claims_refuse_update BEFORE UPDATE ON claims BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER decisions_refuse_delete BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER decisions_refuse_replace BEFORE INSERT ON decisions WHEN EXISTS (SELECT 1 FROM decisions WHERE sequence = NEW.sequence) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER decisions_refuse_update BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entries_refuse_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entries_refuse_replace BEFORE INSERT ON entries WHEN EXISTS (SELECT 1 FROM entries WHERE sequence = NEW.sequence) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entries_refuse_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER meta_refuse_delete BEFORE DELETE ON meta BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER meta_refuse_replace BEFORE INSERT ON meta WHEN EXISTS (SELECT 1 FROM meta WHERE version = NEW.version) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER meta_refuse_update BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER readings_refuse_delete BEFORE DELETE ON readings BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER readings_refuse_replace BEFORE INSERT ON readings WHEN EXISTS (SELECT 1 FROM readings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER readings_refuse_update BEFORE UPDATE ON readings BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER reports_refuse_delete BEFORE DELETE ON reports BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER reports_refuse_replace BEFORE INSERT ON reports WHEN EXISTS (SELECT 1 FROM reports WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER reports_refuse_update BEFORE UPDATE ON reports BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER texts_refuse_delete BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER texts_refuse_replace BEFORE INSERT ON texts WHEN EXISTS (SELECT 1 FROM texts WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER texts_refuse_update BEFORE UPDATE ON texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
