package io.celeriac.results.materializer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Remembers the statements that a program prepares. */
final class CountedStatements {

    private final List<String> statements = new CopyOnWriteArrayList<>();
    private final DataSource database;

    CountedStatements(DataSource database) {
        this.database = new DelegatingDataSource(database) {

            @Override
            public Connection getConnection() throws SQLException {
                return watched(super.getConnection());
            }
        };
    }

    DataSource dataSource() {
        return database;
    }

    /** How many statements begin like this. */
    long beginningWith(String words) {
        return statements.stream()
                .filter(statement -> statement.startsWith(words))
                .count();
    }

    void clear() {
        statements.clear();
    }

    private Connection watched(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                CountedStatements.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        statements.add((String) arguments[0]);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
