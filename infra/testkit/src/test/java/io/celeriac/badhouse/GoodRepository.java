package io.celeriac.badhouse;

import java.sql.Connection;
import java.sql.SQLException;

/** Breaks no rule: SQL is a repository's trade, in its nested classes too. */
final class GoodRepository {

    static final class Transaction {

        void commit(Connection connection) throws SQLException {
            connection.commit();
        }
    }
}
