-- The tables of django-celery-beat 2.2 (its migrations to 0015) as Django 2.2 lays them out in MySQL.

CREATE TABLE django_celery_beat_intervalschedule (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  every int(11) NOT NULL,
  period varchar(24) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_crontabschedule (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  minute varchar(240) NOT NULL,
  hour varchar(96) NOT NULL,
  day_of_week varchar(64) NOT NULL,
  day_of_month varchar(124) NOT NULL,
  month_of_year varchar(64) NOT NULL,
  timezone varchar(63) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_solarschedule (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event varchar(24) NOT NULL,
  latitude decimal(9,6) NOT NULL,
  longitude decimal(9,6) NOT NULL,
  UNIQUE KEY solar_unique (event, latitude, longitude)
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_clockedschedule (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  clocked_time datetime(6) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_periodictasks (
  ident smallint(6) NOT NULL PRIMARY KEY,
  last_update datetime(6) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE django_celery_beat_periodictask (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name varchar(200) NOT NULL UNIQUE,
  task varchar(200) NOT NULL,
  args longtext NOT NULL,
  kwargs longtext NOT NULL,
  queue varchar(200) NULL,
  exchange varchar(200) NULL,
  routing_key varchar(200) NULL,
  expires datetime(6) NULL,
  enabled tinyint(1) NOT NULL,
  last_run_at datetime(6) NULL,
  total_run_count int(10) unsigned NOT NULL,
  date_changed datetime(6) NOT NULL,
  description longtext NOT NULL,
  crontab_id int(11) NULL,
  interval_id int(11) NULL,
  solar_id int(11) NULL,
  one_off tinyint(1) NOT NULL,
  start_time datetime(6) NULL,
  priority int(10) unsigned NULL,
  headers longtext NOT NULL,
  clocked_id int(11) NULL,
  expire_seconds int(10) unsigned NULL,
  CONSTRAINT periodictask_crontab FOREIGN KEY (crontab_id) REFERENCES django_celery_beat_crontabschedule (id),
  CONSTRAINT periodictask_interval FOREIGN KEY (interval_id) REFERENCES django_celery_beat_intervalschedule (id),
  CONSTRAINT periodictask_solar FOREIGN KEY (solar_id) REFERENCES django_celery_beat_solarschedule (id),
  CONSTRAINT periodictask_clocked FOREIGN KEY (clocked_id) REFERENCES django_celery_beat_clockedschedule (id)
) ENGINE = InnoDB;
