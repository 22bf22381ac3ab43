package io.celeriac.badhouse;

import java.sql.Connection;
import java.sql.SQLException;

final class Sql {

    void commit(Connection connection) throws SQLException {
        connection.commit();
    }
}
