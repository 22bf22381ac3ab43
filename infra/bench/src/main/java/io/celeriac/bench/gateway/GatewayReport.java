package io.celeriac.bench.gateway;

import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Measured;
import java.util.EnumMap;
import java.util.Map;

/**
 * All that a run has measured so far.
 *
 * @param database version of the server
 * @param parts those that were asked for
 */
record GatewayReport(Machine machine, String database, Parameters parameters, Map<Part, Measured> parts) {

    GatewayReport {
        parts = new EnumMap<>(parts);
    }

    boolean hasAllParts() {
        return parts.size() == Part.values().length;
    }
}
