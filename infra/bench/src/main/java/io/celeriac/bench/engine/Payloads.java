package io.celeriac.bench.engine;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/** Tasks with a large argument, through the bare loop and the engine. */
record Payloads(List<Size> sizes) implements Measured {

    /**
     * One size.
     *
     * @param bytes of the argument
     * @param throughput of the bare loop and the engine
     */
    record Size(int bytes, Throughput throughput) {

        private List<String> row() {
            var bare = throughput.variants().get(0);
            var engine = throughput.variants().get(1);
            return List.of(
                    Figures.whole(bytes),
                    Figures.whole(throughput.tasks()),
                    Figures.whole(bare.tasksPerSecond()),
                    Figures.whole(engine.tasksPerSecond()),
                    Figures.one(engine.tasksPerSecond() * bytes / 1e6),
                    Figures.two(engine.ofBareLoop()),
                    Figures.two(engine.warmCpuOfBareLoop()));
        }
    }

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        "bytes of the argument",
                        "tasks",
                        "bare loop, tasks/s",
                        "engine, tasks/s",
                        "engine, MB/s",
                        "of the bare loop",
                        "CPU of a task, of the bare loop's"),
                sizes.stream().map(Size::row).toList()));
    }
}
