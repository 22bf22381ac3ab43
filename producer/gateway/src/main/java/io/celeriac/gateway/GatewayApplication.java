package io.celeriac.gateway;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The gateway's program. */
@SpringBootApplication
public class GatewayApplication {

    /** Starts the program with the command line's settings. */
    public static void main(String[] args) {
        application().run(args);
    }

    /**
     * The program, not yet started. Its defaults are in {@code celeriac-gateway.yml}, a name of its own so that several
     * programs can share a class path; {@code application.yml} beside it takes precedence.
     */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(GatewayApplication.class)
                .properties("spring.config.name=celeriac-gateway,application")
                .initializers(new RequiredSettings());
    }
}
