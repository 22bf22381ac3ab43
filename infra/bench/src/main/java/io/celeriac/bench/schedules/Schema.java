package io.celeriac.bench.schedules;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.bench.harness.Database;
import io.celeriac.bench.subject.ScheduleTablesApplication;
import java.util.List;

/** A database with the tables of schedules, gone with all its rows when it is closed. */
final class Schema implements AutoCloseable {

    private final String name;
    private final String url;
    private final HikariDataSource pool;
    private final SchedulesRepository repository;

    private Schema(String name, String url) {
        this.name = name;
        this.url = url;
        ScheduleTablesApplication.migrate(newPool());
        pool = newPool();
        repository = new SchedulesRepository(pool);
    }

    static Schema open(Database database, String name) {
        return new Schema(name, database.url(name));
    }

    private HikariDataSource newPool() {
        var connections = new HikariDataSource();
        connections.setJdbcUrl(url);
        connections.setUsername(Database.USER);
        connections.setPassword(Database.USER);
        connections.setMaximumPoolSize(2);
        return connections;
    }

    SchedulesRepository repository() {
        return repository;
    }

    /** By which a program finds it, as a user of its own. */
    List<String> arguments(String user) {
        repository.createUser(user);
        return List.of(
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=" + user,
                "--spring.datasource.password=" + user);
    }

    @Override
    public void close() {
        repository.drop(name);
        pool.close();
    }
}
