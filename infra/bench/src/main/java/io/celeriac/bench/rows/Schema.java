package io.celeriac.bench.rows;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.bench.harness.Database;
import io.celeriac.results.table.ResultTables;
import java.time.Duration;
import java.util.stream.Stream;

/** A database with the tables of results, gone with all its rows when it is closed. */
public final class Schema implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int CONNECTIONS = 4;

    private final String name;
    private final String url;
    private final HikariDataSource pool;
    private final ResultTables tables;
    private final TablesRepository repository;

    private Schema(String name, String url) {
        this.name = name;
        this.url = url;
        pool = newPool();
        tables = ResultTables.migrate(pool, url, PATIENCE);
        repository = new TablesRepository(pool);
    }

    public static Schema open(Database database, String name) {
        return new Schema(name, database.url(name));
    }

    public String name() {
        return name;
    }

    public String url() {
        return url;
    }

    public HikariDataSource pool() {
        return pool;
    }

    public ResultTables tables() {
        return tables;
    }

    public TablesRepository repository() {
        return repository;
    }

    /** Connections that a measurement has for itself; to be closed. */
    public HikariDataSource newPool() {
        var own = new HikariDataSource();
        own.setJdbcUrl(url);
        own.setUsername(Database.USER);
        own.setPassword(Database.USER);
        own.setMaximumPoolSize(CONNECTIONS);
        return own;
    }

    /** By which a program finds it, before other properties. */
    public String[] properties(String... more) {
        return Stream.concat(
                        Stream.of(
                                "spring.datasource.url=" + url,
                                "spring.datasource.username=" + Database.USER,
                                "spring.datasource.password=" + Database.USER),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Override
    public void close() {
        repository.drop(name);
        pool.close();
    }
}
