package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Database;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.rows.TablesRepository;
import java.time.Duration;

/**
 * What gateway and database did in a span of time.
 *
 * @param seconds how long it was
 * @param gatewayMillis CPU time of the gateway in a second
 * @param databaseMillis CPU time of the database in a second
 * @param selects questions (SELECT) to the database in a second
 */
record Load(double seconds, double gatewayMillis, double databaseMillis, double selects) {

    /** Begins to look. */
    static Begun begin(Gateway gateway, Database database, TablesRepository tables) {
        return new Begun(gateway, database, tables, System.nanoTime(), gateway.cpu(), database.cpu(), tables.selects());
    }

    /** How it was when somebody began to look. */
    record Begun(
            Gateway gateway,
            Database database,
            TablesRepository tables,
            long at,
            Duration gatewayCpu,
            Duration databaseCpu,
            long selects) {

        Load end() {
            var seconds = (System.nanoTime() - at) / 1e9;
            return new Load(
                    Rounded.to(1, seconds),
                    Rounded.to(1, gateway.cpu().minus(gatewayCpu).toMillis() / seconds),
                    Rounded.to(1, database.cpu().minus(databaseCpu).toMillis() / seconds),
                    Rounded.to(1, (tables.selects() - selects) / seconds));
        }
    }
}
