package io.celeriac.resultsweb.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.resultsweb.search.TaskFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ViewTest {

    private static final Path GUIDE = Path.of("../../infra/docs/guides/acting.md");

    @Test
    void hasOnlySearchesThatCanBeRead() {
        var fields = new TaskFields(Set.of(), () -> Instant.parse("2026-01-31T12:00:00Z"));

        assertThat(View.BUILT_IN)
                .allSatisfy(view -> assertThat(fields.query(view.q()).print()).isNotEmpty());
    }

    @Test
    void isInTheGuide() throws IOException {
        var guide = Files.readString(GUIDE);

        assertThat(View.BUILT_IN)
                .allSatisfy(view -> assertThat(guide).contains("| `" + view.name() + "` | `" + view.q() + "` |"));
    }
}
