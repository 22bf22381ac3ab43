package io.celeriac.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {

    @TempDir
    private Path directory;

    /** Test runs that start at the same time clear the same directories. */
    @Test
    void deletesWhatOthersDeleteToo() throws IOException {
        var tree = directory.resolve("tree");
        for (int i = 0; i < 300; i++) {
            Files.writeString(
                    Files.createDirectories(tree.resolve("d" + i % 20)).resolve("f" + i), "x");
        }

        var all = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> delete(tree)))
                .toList();

        all.forEach(CompletableFuture::join);
        assertThat(tree).doesNotExist();
    }

    private static void delete(Path tree) {
        try {
            Directories.delete(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
