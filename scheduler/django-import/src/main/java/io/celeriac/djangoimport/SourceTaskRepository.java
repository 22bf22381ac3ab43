package io.celeriac.djangoimport;

import io.celeriac.djangoimport.SourceTask.Limits;
import io.celeriac.djangoimport.SourceTask.Routing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables of django-celery-beat from 2.2 on, in MySQL or MariaDB; only read. A column that a version does not have counts as null.
 * One statement reads everything, so that it is consistent.
 */
final class SourceTaskRepository {

    private static final String TABLE = "django_celery_beat_";
    private static final List<String> TABLES =
            List.of("periodictask", "intervalschedule", "crontabschedule", "solarschedule", "clockedschedule");

    private static final List<String> COLUMNS = List.of(
            "periodictask.id",
            "periodictask.name",
            "periodictask.task",
            "periodictask.args",
            "periodictask.kwargs",
            "periodictask.queue",
            "periodictask.exchange",
            "periodictask.routing_key",
            "periodictask.headers",
            "periodictask.priority",
            "periodictask.enabled",
            "periodictask.one_off",
            "periodictask.start_time",
            "periodictask.expires",
            "periodictask.expire_seconds",
            "periodictask.last_run_at",
            "periodictask.total_run_count",
            "periodictask.description",
            "intervalschedule.id",
            "intervalschedule.every",
            "intervalschedule.period",
            "crontabschedule.id",
            "crontabschedule.minute",
            "crontabschedule.hour",
            "crontabschedule.day_of_month",
            "crontabschedule.month_of_year",
            "crontabschedule.day_of_week",
            "crontabschedule.timezone",
            "solarschedule.id",
            "solarschedule.event",
            "solarschedule.latitude",
            "solarschedule.longitude",
            "clockedschedule.id",
            "clockedschedule.clocked_time");

    private final JdbcClient jdbc;

    SourceTaskRepository(DataSource source) {
        jdbc = JdbcClient.create(source);
    }

    /**
     * All tasks, in the order of their ids.
     *
     * @throws IllegalStateException when the database has no such tables
     */
    List<SourceTask> tasks() {
        var columns = columns();
        for (var table : TABLES) {
            if (!columns.contains(table + ".id")) {
                throw new IllegalStateException("the source has no table " + TABLE + table
                        + ": it must be the database of a Django application with django-celery-beat from 2.2 on");
            }
        }
        return jdbc.sql(select(columns)).query((row, number) -> task(row)).list();
    }

    /** As {@code periodictask.id}. */
    private Set<String> columns() {
        return new HashSet<>(jdbc.sql("""
                        SELECT CONCAT(LOWER(SUBSTRING(table_name, :prefix)), '.', LOWER(column_name))
                        FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name LIKE :tables""")
                .param("prefix", TABLE.length() + 1)
                .param("tables", TABLE.replace("_", "\\_") + "%")
                .query(String.class)
                .list());
    }

    /** The query, with each column as text. So it can read a date of zeros, and no time zone shifts it. */
    private static String select(Set<String> columns) {
        var selected = COLUMNS.stream()
                .map(column -> (columns.contains(column) ? "CAST(" + column + " AS CHAR)" : "NULL") + " AS "
                        + column.replace('.', '_'))
                .collect(Collectors.joining(", "));
        return "SELECT " + selected + " FROM " + TABLE + "periodictask periodictask"
                + join("interval") + join("crontab") + join("solar") + join("clocked")
                + " ORDER BY periodictask.id";
    }

    private static String join(String kind) {
        var table = kind + "schedule";
        return " LEFT JOIN " + TABLE + table + ' ' + table + " ON " + table + ".id = periodictask." + kind + "_id";
    }

    private static SourceTask task(ResultSet row) throws SQLException {
        try {
            return readable(row);
        } catch (RuntimeException | SQLException e) { // it must not hold up the others
            return SourceTask.unreadable(
                    row.getLong("periodictask_id"), text(row, "name"), String.valueOf(e.getMessage()));
        }
    }

    private static SourceTask readable(ResultSet row) throws SQLException {
        return new SourceTask(
                row.getLong("periodictask_id"),
                text(row, "name"),
                text(row, "task"),
                rules(row),
                row.getString("periodictask_args"),
                row.getString("periodictask_kwargs"),
                new Routing(
                        row.getString("periodictask_queue"),
                        row.getString("periodictask_exchange"),
                        row.getString("periodictask_routing_key"),
                        row.getString("periodictask_headers"),
                        row.getObject("periodictask_priority", Integer.class)),
                new Limits(
                        row.getInt("periodictask_enabled") != 0,
                        row.getInt("periodictask_one_off") != 0,
                        row.getString("periodictask_start_time"),
                        row.getString("periodictask_expires"),
                        row.getObject("periodictask_expire_seconds", Long.class),
                        row.getString("periodictask_last_run_at"),
                        row.getLong("periodictask_total_run_count")),
                row.getString("periodictask_description"));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        var text = row.getString("periodictask_" + column);
        return text == null ? "" : text;
    }

    private static List<SourceRule> rules(ResultSet row) throws SQLException {
        var rules = new ArrayList<SourceRule>();
        if (row.getString("intervalschedule_id") != null) {
            rules.add(new SourceRule.Every(
                    row.getLong("intervalschedule_every"),
                    row.getString("intervalschedule_period").toLowerCase(Locale.ROOT)));
        }
        if (row.getString("crontabschedule_id") != null) {
            rules.add(new SourceRule.Cron(
                    row.getString("crontabschedule_minute"),
                    row.getString("crontabschedule_hour"),
                    row.getString("crontabschedule_day_of_month"),
                    row.getString("crontabschedule_month_of_year"),
                    row.getString("crontabschedule_day_of_week"),
                    row.getString("crontabschedule_timezone")));
        }
        if (row.getString("solarschedule_id") != null) {
            rules.add(new SourceRule.Sun(
                    row.getString("solarschedule_event"),
                    row.getDouble("solarschedule_latitude"),
                    row.getDouble("solarschedule_longitude")));
        }
        if (row.getString("clockedschedule_id") != null) {
            rules.add(new SourceRule.Once(row.getString("clockedschedule_clocked_time")));
        }
        return rules;
    }
}
