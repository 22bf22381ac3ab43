package io.celeriac.bench.engine;

import io.celeriac.bench.report.Json;
import io.celeriac.bench.report.Page;
import java.nio.file.Path;

/** Puts a report into {@code performance.md} of the docs; the picture and the raw numbers go beside it. */
final class EnginePage {

    private final Path docs;

    /**
     * @param docs the directory of {@code performance.md}
     */
    EnginePage(Path docs) {
        this.docs = docs;
    }

    /** The picture and the machine are those of a whole run; of a part of one, only its tables are renewed. */
    void write(EngineReport report) {
        var page = Page.read(docs.resolve("performance.md"));
        report.parts().forEach((part, measured) -> page.fill("engine " + part, measured.markdown()));
        if (report.hasAllParts()) {
            page.fill("engine machine", report.machine().line() + ".\n");
            EngineChart.write(docs.resolve("performance").resolve("engine.svg"), report);
            Json.write(docs.resolve("performance").resolve("engine.json"), report);
        }
        page.write();
    }
}
