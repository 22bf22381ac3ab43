package io.celeriac.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second server off a directory. It goes with the JVM, however that ends.
 *
 * <p>Kafka has a lock of its own, and takes it too late for us: a node with both roles opens the log of the metadata first,
 * and a second one that does so ends the JVM of the first.
 */
final class DirectoryLock implements AutoCloseable {

    private static final String FILE = ".celeriac-lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes the directory, if need be, and takes it.
     *
     * @param server for messages
     * @throws ServerStartException when another server has it, in this JVM or elsewhere
     */
    static DirectoryLock take(String server, Path directory) throws IOException {
        Files.createDirectories(directory);
        var channel = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isLocked(channel)) {
            return new DirectoryLock(channel);
        }
        channel.close();
        throw new ServerStartException(server + ": another server is using " + directory);
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
