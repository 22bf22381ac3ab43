package io.celeriac.bench.gateway;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/** What the heartbeats of workers cost a gateway. */
record Heartbeats(List<Variant> variants) implements Measured {

    /**
     * A number of workers.
     *
     * @param workers that send heartbeats
     * @param known to the gateway at the end
     */
    record Variant(int workers, int known, Load load, long heapAfterGc) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of("workers", "known to the gateway", "gateway, CPU ms/s", "heap after GC MB"),
                variants.stream()
                        .map(variant -> List.of(
                                Figures.whole((long) variant.workers),
                                Figures.whole((long) variant.known),
                                Figures.one(variant.load.gatewayMillis()),
                                Figures.whole(variant.heapAfterGc / (double) (1 << 20))))
                        .toList()));
    }
}
