package io.celeriac.gateway;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The program. */
@SpringBootApplication
public class GatewayApplication {

    /** Starts with the command line's settings. */
    public static void main(String[] args) {
        application().run(args);
    }

    /**
     * The program, not yet started. Its settings are in {@code celeriac-gateway.yml}, a name of its own so that several
     * programs can share a class path; {@code application.yml} beside it goes first.
     */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(GatewayApplication.class)
                .properties("spring.config.name=celeriac-gateway,application")
                .initializers(new RequiredSettings());
    }
}
