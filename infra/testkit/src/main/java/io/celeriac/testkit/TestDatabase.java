package io.celeriac.testkit;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.function.UnaryOperator;

/**
 * An empty database of one test.
 *
 * @param name of the database
 * @param jdbcUrl for MySQL's driver; it has parameters already, so more follow after an {@code &}
 * @param username may do everything
 * @param password its password
 */
public record TestDatabase(String name, String jdbcUrl, String username, String password) {

    static TestDatabase create(
            String serverUrl, String name, UnaryOperator<String> urlOf, String username, String password) {
        try (var connection = DriverManager.getConnection(serverUrl, username, password);
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name + " at " + serverUrl, e);
        }
        return new TestDatabase(name, urlOf.apply(name), username, password);
    }
}
