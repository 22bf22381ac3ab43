package io.celeriac.results.materializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.results.TestData;
import io.celeriac.testkit.TestStack;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

class ManyRowsRepositoryIT {

    private static final String UPSERT = "INSERT INTO numbered (id, name, note) VALUES (?, ?, ?)"
            + " ON DUPLICATE KEY UPDATE name = VALUES(name), note = VALUES(note)";

    private static HikariDataSource pool;
    private static JdbcTemplate jdbc;
    private static ManyRowsRepository repository;

    @BeforeAll
    static void create() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        jdbc = new JdbcTemplate(pool);
        repository = new ManyRowsRepository(jdbc);
        jdbc.execute("CREATE TABLE numbered (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL, note LONGTEXT NULL)");
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @BeforeEach
    void empty() {
        jdbc.update("DELETE FROM numbered");
    }

    @Test
    void writesAnyNumberOfRows() {
        for (var count : List.of(0, 1, 249, 250, 251, 500, 777)) {
            empty();

            write(count, id -> "note " + id);

            assertThat(jdbc.queryForList("SELECT note FROM numbered ORDER BY id", String.class))
                    .isEqualTo(IntStream.range(0, count)
                            .mapToObj(id -> "note " + id)
                            .toList());
        }
    }

    @Test
    void replacesWhatIsThereByNothing() {
        write(300, id -> "note " + id);

        write(300, id -> null);

        assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM numbered WHERE note IS NULL", Integer.class))
                .isEqualTo(300);
    }

    @Test
    void writesNothingWhereOnlySomeRowsHaveSomething() {
        write(300, id -> id == 299 ? "the last" : null);

        assertThat(jdbc.queryForList("SELECT id FROM numbered WHERE note = 'the last'", Integer.class))
                .containsExactly(299);
    }

    @Test
    void theLastOfTwoRowsWithOneKeyStays() {
        repository.write(UPSERT, List.of(new Object[] {1, "one", "first"}, new Object[] {1, "one", "second"}));

        assertThat(jdbc.queryForObject("SELECT note FROM numbered", String.class))
                .isEqualTo("second");
    }

    /** 20 MB together, which is more than the server takes at once. */
    @Test
    void writesLongRowsWithMoreStatements() {
        write(20, id -> "x".repeat(1_000_000));

        assertThat(jdbc.queryForObject("SELECT SUM(LENGTH(note)) FROM numbered", Long.class))
                .isEqualTo(20_000_000L);
    }

    @Test
    void quotesOneRowOfAStatementThatFails() {
        assertThatThrownBy(() -> repository.write(UPSERT, List.of(new Object[] {1, "one", null}, new Object[] {
                    2, "x".repeat(21), null
                })))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("[" + UPSERT + "]");
    }

    private static void write(int count, IntFunction<@Nullable String> note) {
        repository.write(
                UPSERT,
                IntStream.range(0, count)
                        .mapToObj(id -> new Object[] {id, "row-" + id, note.apply(id)})
                        .toList());
    }
}
