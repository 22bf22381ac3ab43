-- A firing is called so everywhere, also in the names of the tables.
RENAME TABLE
  schedule_run TO schedule_unfinished_firing,
  schedule_request TO schedule_firing_request;

ALTER TABLE schedule_firing_request
  RENAME INDEX schedule_request_due TO schedule_firing_request_due,
  RENAME INDEX schedule_request_of TO schedule_firing_request_of,
  RENAME INDEX schedule_request_age TO schedule_firing_request_age;

ALTER TABLE schedule_firing RENAME COLUMN runs TO firing_count;
