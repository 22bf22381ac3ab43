-- The tables of django-celery-beat 2.8 (its migrations to 0019) as Django 5.1 lays them out in MySQL, where it checks what is unsigned.

CREATE TABLE django_celery_beat_intervalschedule (
  id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
  every integer NOT NULL,
  period varchar(24) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_crontabschedule (
  id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
  minute varchar(240) NOT NULL,
  hour varchar(96) NOT NULL,
  day_of_week varchar(64) NOT NULL,
  day_of_month varchar(124) NOT NULL,
  month_of_year varchar(64) NOT NULL,
  timezone varchar(63) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_solarschedule (
  id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event varchar(24) NOT NULL,
  latitude decimal(9,6) NOT NULL,
  longitude decimal(9,6) NOT NULL,
  UNIQUE KEY solar_unique (event, latitude, longitude)
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_clockedschedule (
  id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
  clocked_time datetime(6) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_periodictasks (
  ident smallint NOT NULL PRIMARY KEY,
  last_update datetime(6) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_periodictask (
  id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name varchar(200) NOT NULL UNIQUE,
  task varchar(200) NOT NULL,
  args longtext NOT NULL,
  kwargs longtext NOT NULL,
  queue varchar(200) NULL,
  exchange varchar(200) NULL,
  routing_key varchar(200) NULL,
  expires datetime(6) NULL,
  enabled bool NOT NULL,
  last_run_at datetime(6) NULL,
  total_run_count integer UNSIGNED NOT NULL CHECK (total_run_count >= 0),
  date_changed datetime(6) NOT NULL,
  description longtext NOT NULL,
  crontab_id integer NULL,
  interval_id integer NULL,
  solar_id integer NULL,
  one_off bool NOT NULL,
  start_time datetime(6) NULL,
  priority integer UNSIGNED NULL CHECK (priority >= 0),
  headers longtext NOT NULL,
  clocked_id integer NULL,
  expire_seconds integer UNSIGNED NULL CHECK (expire_seconds >= 0),
  CONSTRAINT periodictask_crontab FOREIGN KEY (crontab_id) REFERENCES django_celery_beat_crontabschedule (id),
  CONSTRAINT periodictask_interval FOREIGN KEY (interval_id) REFERENCES django_celery_beat_intervalschedule (id),
  CONSTRAINT periodictask_solar FOREIGN KEY (solar_id) REFERENCES django_celery_beat_solarschedule (id),
  CONSTRAINT periodictask_clocked FOREIGN KEY (clocked_id) REFERENCES django_celery_beat_clockedschedule (id)
) ENGINE = InnoDB;
