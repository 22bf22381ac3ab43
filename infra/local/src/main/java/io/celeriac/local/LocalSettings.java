package io.celeriac.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What runs where.
 *
 * @param port of the gateway; worker and scheduler take the two after it
 * @param kafkaPort of the broker
 * @param dbPort of the database
 * @param data where broker and database store
 * @param binaries where the database's programs are unpacked, once for all data directories
 * @param secure whether the gateway asks for credentials
 * @param kafka a cluster to be used in place of a broker of its own; null or empty for none
 * @param database the JDBC address of one to be used in place of its own; null or empty for none
 */
record LocalSettings(
        int port,
        int kafkaPort,
        int dbPort,
        Path data,
        Path binaries,
        boolean secure,
        @Nullable String kafka,
        @Nullable String database) {

    boolean ownKafka() {
        return kafka == null || kafka.isBlank();
    }

    boolean ownDatabase() {
        return database == null || database.isBlank();
    }

    String bootstrapServers() {
        return ownKafka() ? "127.0.0.1:" + kafkaPort : String.valueOf(kafka);
    }

    int workerPort() {
        return port + 1;
    }

    int schedulerPort() {
        return port + 2;
    }

    Path logs() {
        return data.resolve("logs");
    }
}
