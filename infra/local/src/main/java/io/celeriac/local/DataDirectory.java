package io.celeriac.local;

import io.celeriac.embedded.Directories;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the stack stores everything. A mark in it says that it is ours, so that nothing else is ever deleted, and is locked as
 * long as this JVM lives: two servers on the same files would destroy them.
 */
final class DataDirectory {

    private static final String MARK = ".celeriac";
    private static final Set<String> STAYS = Set.of(MARK, "logs"); // the log is there before anything else

    private final Path path;
    private @Nullable FileLock lock; // held by this field: a channel that nobody refers to is closed, and its locks go

    DataDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes the directory, if need be, and takes it for this JVM.
     *
     * @throws LocalStartException when it holds other files, or another JVM has it
     */
    void claim() {
        try {
            Files.createDirectories(path);
            if (!Files.exists(path.resolve(MARK))) {
                if (!content().isEmpty()) {
                    throw new LocalStartException(
                            path + " was not made by infra/up and holds other files: choose another"
                                    + " directory with --data");
                }
                Files.createFile(path.resolve(MARK));
            }
            lock = lock();
            if (lock == null) {
                throw new LocalStartException(
                        "another infra/up is using " + path + ": stop it, or choose another directory with --data");
            }
        } catch (IOException e) {
            throw new LocalStartException("cannot write to " + path + ": choose another directory with --data", e);
        }
    }

    /** Goes with the JVM, however that ends. */
    @SuppressWarnings("resource")
    private @Nullable FileLock lock() throws IOException {
        try {
            return FileChannel.open(path.resolve(MARK), StandardOpenOption.WRITE)
                    .tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Deletes what is stored, after {@link #claim}. */
    void clear() {
        try {
            for (var stored : content()) {
                if (Files.isDirectory(stored)) {
                    Directories.delete(stored);
                } else {
                    Files.delete(stored);
                }
            }
        } catch (IOException e) {
            throw new LocalStartException("cannot delete what is stored in " + path, e);
        }
    }

    private List<Path> content() throws IOException {
        try (var files = Files.list(path)) {
            return files.filter(file -> !STAYS.contains(file.getFileName().toString()))
                    .toList();
        }
    }
}
