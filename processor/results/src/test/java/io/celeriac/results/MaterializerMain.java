package io.celeriac.results;

import java.io.IOException;
import java.io.OutputStream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A materializer in a JVM of its own, for tests that kill it. Ends when its standard input closes. */
public final class MaterializerMain {

    public static final String READY = "MATERIALIZER READY";

    private MaterializerMain() {}

    public static void main(String[] args) throws IOException {
        new SpringApplicationBuilder(MaterializerFixture.Program.class)
                .web(WebApplicationType.NONE)
                .run(args);
        System.out.println(READY);
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }
}
