-- What people look for schedules by.
ALTER TABLE schedule_declared
  ADD KEY schedule_declared_name (name);
