-- The run that stands for missed ones that were skipped, from when these are in the history until it is emitted; without meaning once
-- next_fire_at is another. A scheduler that dies in between is followed by one that emits this run and chooses no other.
ALTER TABLE schedule ADD COLUMN chosen_fire_at DATETIME(6) NULL;
