package io.celeriac.local;

import io.celeriac.embedded.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the stack stores everything. A mark in it says that it is ours, so that nothing else is ever deleted. */
final class DataDirectory {

    private static final String MARK = ".celeriac";

    private final Path path;

    DataDirectory(Path path) {
        this.path = path;
    }

    void create() {
        try {
            Files.createDirectories(path);
            if (!Files.exists(path.resolve(MARK))) {
                try (var files = Files.list(path)) {
                    if (files.anyMatch(file -> !file.endsWith("logs"))) { // the log is there before anything else
                        throw new LocalStartException(
                                path + " holds other files: choose an empty directory with --data");
                    }
                }
                Files.createFile(path.resolve(MARK));
            }
        } catch (IOException e) {
            throw new LocalStartException("cannot write to " + path + ": choose another directory with --data", e);
        }
    }

    void delete() {
        if (!Files.exists(path)) {
            return;
        }
        if (!Files.exists(path.resolve(MARK))) {
            throw new LocalStartException(path + " was not made by infra/up, so --reset does not delete it");
        }
        try {
            Directories.delete(path);
        } catch (IOException e) {
            throw new LocalStartException("cannot delete " + path + ": is another infra/up using it?", e);
        }
    }
}
