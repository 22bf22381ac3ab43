package io.celeriac.djangoimport;

/** The rule of a task of the source: a row of one of its four tables. */
sealed interface SourceRule {

    /** The column that refers to it, without its {@code _id}. */
    String kind();

    /**
     * Row of {@code intervalschedule}.
     *
     * @param period days, hours, minutes, seconds or microseconds
     */
    record Every(long every, String period) implements SourceRule {
        @Override
        public String kind() {
            return "interval";
        }
    }

    /** Row of {@code crontabschedule}. */
    record Cron(String minute, String hour, String dayOfMonth, String monthOfYear, String dayOfWeek, String timezone)
            implements SourceRule {
        @Override
        public String kind() {
            return "crontab";
        }
    }

    /** Row of {@code solarschedule}. */
    record Sun(String event, double latitude, double longitude) implements SourceRule {
        @Override
        public String kind() {
            return "solar";
        }
    }

    /**
     * Row of {@code clockedschedule}.
     *
     * @param time UTC, as SQL writes it
     */
    record Once(String time) implements SourceRule {
        @Override
        public String kind() {
            return "clocked";
        }
    }
}
