package io.celeriac.web.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.util.DigestUtils;

/** Tells the addresses of styles, scripts and icons. An address changes with the content, so that browsers keep a file for a year. */
final class Assets {

    /** Where the files are on the class path. */
    static final String FOLDER = "celeriac-assets/";

    private final Map<String, String> paths = new ConcurrentHashMap<>();

    /**
     * The address of a file, without the context path.
     *
     * @throws IllegalArgumentException when there is no such file
     */
    String path(String name) {
        return paths.computeIfAbsent(name, asset -> "/assets/" + asset + "?v=" + digest(asset));
    }

    private static String digest(String name) {
        try (InputStream file = Assets.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw new IllegalArgumentException("there is no asset " + name);
            }
            return DigestUtils.md5DigestAsHex(file).substring(0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
