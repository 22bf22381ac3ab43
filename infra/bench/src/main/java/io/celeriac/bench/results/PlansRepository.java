package io.celeriac.bench.results;

import io.celeriac.bench.results.Queries.Step;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The plans of statements that others send: taken from the server's log, and run once more by it. */
final class PlansRepository {

    private static final String NONE = "–";

    private final JdbcTemplate jdbc;

    PlansRepository(DataSource database) {
        jdbc = new JdbcTemplate(database);
    }

    /** What the server does for each statement of a question, one after the other. */
    List<Step> of(Runnable question) {
        jdbc.execute("SET GLOBAL log_output = 'TABLE'");
        jdbc.execute("TRUNCATE TABLE mysql.general_log");
        jdbc.execute("SET GLOBAL general_log = ON");
        try {
            question.run();
        } finally {
            jdbc.execute("SET GLOBAL general_log = OFF");
        }
        return statements().stream().flatMap(sql -> steps(sql).stream()).toList();
    }

    private List<String> statements() {
        return jdbc.queryForList(
                "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log WHERE command_type = 'Query'"
                        + " AND argument LIKE 'SELECT%FROM%task\\_%' ORDER BY event_time",
                String.class);
    }

    private List<Step> steps(String sql) {
        return jdbc.query(
                "ANALYZE " + sql,
                (row, number) -> new Step(
                        text(row, "table"),
                        text(row, "type"),
                        text(row, "key"),
                        text(row, "rows"),
                        text(row, "r_rows"),
                        text(row, "Extra")));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        var text = row.getString(column);
        return text == null || text.isEmpty() ? NONE : text;
    }
}
