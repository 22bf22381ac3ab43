package io.celeriac.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("page.md");
        Files.writeString(file, "Words.\n\n<!-- begin one -->\nold\n<!-- end one -->\n\nMore words.\n");
    }

    @Test
    void replacesWhatIsInAPlaceAndNothingElse() {
        Page.read(file).fill("one", "new\n").write();

        assertThat(file).hasContent("Words.\n\n<!-- begin one -->\nnew\n<!-- end one -->\n\nMore words.\n");
    }

    @Test
    void saysWhichPlaceThereIsNot() {
        var page = Page.read(file);

        assertThatThrownBy(() -> page.fill("two", "new\n")).hasMessageContaining("no place for \"two\"");
    }
}
