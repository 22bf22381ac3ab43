package io.celeriac.contract;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The files that tests read. */
public final class Golden {

    private Golden() {}

    public static byte[] bytes(String path) {
        try (var in = Golden.class.getResourceAsStream(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
