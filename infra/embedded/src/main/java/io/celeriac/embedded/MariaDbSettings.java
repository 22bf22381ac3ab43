package io.celeriac.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A MariaDB server and what it must have when it is up.
 *
 * @param home the server's own directory: data, log, temporary files; made when it is not there yet
 * @param port on 127.0.0.1
 * @param binaries where the 370 MB of binaries are unpacked once; several servers may share it
 * @param statements SQL run as root at every start, each on one line without its semicolon, so safe to repeat
 * @param options the server's own options, put after ours
 */
public record MariaDbSettings(Path home, int port, Path binaries, List<String> statements, List<String> options) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");

    public MariaDbSettings {
        home = home.toAbsolutePath().normalize();
        binaries = binaries.toAbsolutePath().normalize();
        statements = List.copyOf(statements);
        options = List.copyOf(options);
        for (String statement : statements) {
            if (statement.contains("\n") || statement.contains(";")) {
                throw new IllegalArgumentException("a statement is one line without semicolon: " + statement);
            }
        }
    }

    /** A server without databases, its binaries inside its home. */
    public static MariaDbSettings of(Path home, int port) {
        return new MariaDbSettings(home, port, home.resolve("binaries"), List.of(), List.of());
    }

    /** The same, with the binaries elsewhere. */
    public MariaDbSettings withBinaries(Path directory) {
        return new MariaDbSettings(home, port, directory, statements, options);
    }

    /** The same, with options such as {@code --max-connections=500}. */
    public MariaDbSettings withOptions(String... more) {
        return new MariaDbSettings(home, port, binaries, statements, plus(options, more));
    }

    /** The same, with a database and a user who may do everything in it. */
    public MariaDbSettings withDatabase(String database, String user, String password) {
        return withStatements("CREATE DATABASE IF NOT EXISTS " + name(database)
                        + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
                .withUser(user, password)
                .withStatements("GRANT ALL ON " + database + ".* TO " + account(user));
    }

    /** The same, with a user who may do everything everywhere, making databases included. */
    public MariaDbSettings withAdministrator(String user, String password) {
        return withUser(user, password).withStatements("GRANT ALL ON *.* TO " + account(user) + " WITH GRANT OPTION");
    }

    private MariaDbSettings withUser(String user, String password) {
        String identified = " IDENTIFIED BY '" + name(password) + "'";
        return withStatements(
                "CREATE USER IF NOT EXISTS " + account(user) + identified, "ALTER USER " + account(user) + identified);
    }

    private MariaDbSettings withStatements(String... more) {
        return new MariaDbSettings(home, port, binaries, plus(statements, more), options);
    }

    /** The server resolves no host names, so a user of {@code localhost} could never log in. */
    private static String account(String user) {
        return "'" + name(user) + "'@'127.0.0.1'";
    }

    private static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the names of a database and a user, and a password, match " + NAME + ": " + name);
        }
        return name;
    }

    private static List<String> plus(List<String> list, String... more) {
        var longer = new ArrayList<>(list);
        longer.addAll(List.of(more));
        return longer;
    }
}
