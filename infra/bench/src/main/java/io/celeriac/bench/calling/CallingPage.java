package io.celeriac.bench.calling;

import io.celeriac.bench.report.Json;
import io.celeriac.bench.report.Page;
import java.nio.file.Path;

/** Puts a report into {@code performance.md} of the docs; the raw numbers go beside it. */
final class CallingPage {

    private final Path docs;

    /**
     * @param docs the directory of {@code performance.md}
     */
    CallingPage(Path docs) {
        this.docs = docs;
    }

    /** The machine is that of a whole run; of a part of one, only its tables are renewed. */
    void write(CallingReport report) {
        var page = Page.read(docs.resolve("performance.md"));
        report.parts().forEach((part, measured) -> page.fill("calling " + part, measured.markdown()));
        if (report.hasAllParts()) {
            page.fill("calling machine", report.machine().line() + ".\n");
            Json.write(docs.resolve("performance").resolve("calling.json"), report);
        }
        page.write();
    }
}
