-- +goose Up
CREATE TABLE installation (
    id BYTEA NOT NULL PRIMARY KEY,
    feed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE controller (
    id BYTEA NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    facts TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE inbox (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL REFERENCES controller (id),
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    phone_number_id TEXT NOT NULL,
    waba_id TEXT NOT NULL,
    graph_url TEXT NOT NULL,
    graph_version TEXT NOT NULL,
    auth TEXT NOT NULL,
    secrets BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX inbox_number ON inbox (phone_number_id);

CREATE TABLE inbox_pause (
    inbox_id BYTEA NOT NULL PRIMARY KEY REFERENCES inbox (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL
);

CREATE TABLE agent (
    id BYTEA NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    email_digest BYTEA NOT NULL,
    profile BYTEA NOT NULL,
    password BYTEA,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX agent_email ON agent (email_digest);

CREATE TABLE agent_disabling (
    agent_id BYTEA NOT NULL PRIMARY KEY REFERENCES agent (id),
    at BIGINT NOT NULL,
    reason TEXT NOT NULL
);

CREATE TABLE membership (
    agent_id BYTEA NOT NULL REFERENCES agent (id),
    controller_id BYTEA NOT NULL REFERENCES controller (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, controller_id)
);

CREATE TABLE session (
    id BYTEA NOT NULL PRIMARY KEY,
    agent_id BYTEA NOT NULL REFERENCES agent (id),
    digest BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX session_digest ON session (digest);

CREATE TABLE token (
    id BYTEA NOT NULL PRIMARY KEY,
    agent_id BYTEA NOT NULL REFERENCES agent (id),
    digest BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX token_digest ON token (digest);

CREATE TABLE contact (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL,
    profile BYTEA,
    created_at BIGINT NOT NULL
);

CREATE TABLE contact_restriction (
    contact_id BYTEA NOT NULL PRIMARY KEY REFERENCES contact (id),
    at BIGINT NOT NULL,
    reason TEXT NOT NULL
);

CREATE TABLE identity (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL,
    contact_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    digest BYTEA NOT NULL,
    value BYTEA NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT
);
CREATE UNIQUE INDEX identity_digest ON identity (controller_id, digest) WHERE valid_until IS NULL;
CREATE INDEX identity_contact ON identity (contact_id);

CREATE TABLE conversation (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL,
    inbox_id BYTEA NOT NULL,
    contact_id BYTEA NOT NULL,
    opened_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    last_message_id BYTEA,
    position BIGINT NOT NULL,
    window_opened BIGINT,
    assignee_id BYTEA,
    receiving BOOLEAN NOT NULL,
    closed_at BIGINT
);
CREATE UNIQUE INDEX conversation_receiving ON conversation (inbox_id, contact_id) WHERE receiving;
CREATE INDEX conversation_open ON conversation (inbox_id, last_at, id) WHERE closed_at IS NULL;
CREATE INDEX conversation_owner ON conversation (inbox_id, assignee_id, last_at, id) WHERE closed_at IS NULL;
CREATE INDEX conversation_closed ON conversation (inbox_id, last_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX conversation_contact ON conversation (contact_id);

CREATE TABLE message (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL,
    inbox_id BYTEA NOT NULL,
    contact_id BYTEA NOT NULL,
    conversation_id BYTEA NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    external_at BIGINT NOT NULL,
    thread_at BIGINT NOT NULL,
    late BOOLEAN NOT NULL,
    content BYTEA NOT NULL,
    wamid_digest BYTEA,
    wamid BYTEA,
    status TEXT NOT NULL,
    status_at BIGINT NOT NULL,
    failure TEXT NOT NULL,
    origin TEXT NOT NULL,
    author_id BYTEA
);
CREATE UNIQUE INDEX message_wamid ON message (inbox_id, wamid_digest) WHERE wamid_digest IS NOT NULL;
CREATE INDEX message_thread ON message (conversation_id, thread_at, position);
CREATE INDEX message_doubt ON message (status_at) WHERE status = 'in_doubt';

CREATE TABLE dispatch (
    message_id BYTEA NOT NULL PRIMARY KEY REFERENCES message (id),
    conversation_id BYTEA NOT NULL,
    client_digest BYTEA,
    body_digest BYTEA,
    permit TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    node TEXT NOT NULL,
    sending_at BIGINT
);
CREATE UNIQUE INDEX dispatch_client ON dispatch (conversation_id, client_digest) WHERE client_digest IS NOT NULL;

CREATE TABLE parked_status (
    inbox_id BYTEA NOT NULL,
    wamid_digest BYTEA NOT NULL,
    status TEXT NOT NULL,
    at BIGINT NOT NULL,
    failure TEXT NOT NULL,
    parked_at BIGINT NOT NULL,
    PRIMARY KEY (inbox_id, wamid_digest, status)
);

CREATE TABLE delivery (
    id BYTEA NOT NULL PRIMARY KEY,
    inbox_id BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    body BYTEA NOT NULL,
    processed_at BIGINT
);
CREATE INDEX delivery_waiting ON delivery (day) WHERE processed_at IS NULL;

CREATE TABLE set_aside (
    id BYTEA NOT NULL PRIMARY KEY,
    delivery_id BYTEA NOT NULL,
    inbox_id BYTEA NOT NULL,
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    day BIGINT NOT NULL
);
CREATE UNIQUE INDEX set_aside_item ON set_aside (delivery_id, path);

CREATE TABLE set_aside_decision (
    set_aside_id BYTEA NOT NULL PRIMARY KEY REFERENCES set_aside (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL
);

CREATE TABLE lane (
    name TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    due_at BIGINT,
    holder TEXT NOT NULL,
    token BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX lane_due ON lane (kind, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE job (
    id BYTEA NOT NULL PRIMARY KEY,
    lane TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    ref BYTEA NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL
);
CREATE INDEX job_lane ON job (lane, ordinal, id);

CREATE TABLE event (
    id BYTEA NOT NULL PRIMARY KEY,
    n BIGINT,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    controller_id BYTEA,
    inbox_id BYTEA,
    conversation_id BYTEA,
    message_id BYTEA,
    agent_id BYTEA
);
CREATE UNIQUE INDEX event_n ON event (n) WHERE n IS NOT NULL;
CREATE INDEX event_fresh ON event (at, id) WHERE n IS NULL;

CREATE TABLE audit_entry (
    id BYTEA NOT NULL PRIMARY KEY,
    n BIGINT,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BYTEA,
    via TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    controller_id BYTEA,
    inbox_id BYTEA,
    detail TEXT NOT NULL,
    leaf BYTEA
);
CREATE UNIQUE INDEX audit_entry_n ON audit_entry (n) WHERE n IS NOT NULL;
CREATE INDEX audit_entry_fresh ON audit_entry (at, id) WHERE n IS NULL;

CREATE TABLE checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    root BYTEA NOT NULL,
    frontier BYTEA NOT NULL,
    at BIGINT NOT NULL,
    signature BYTEA NOT NULL
);

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL
);
INSERT INTO counter (name, n) VALUES ('event', 0), ('audit', 0);
