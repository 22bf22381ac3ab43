package io.celeriac.bench.subject;

import io.celeriac.gateway.GatewayApplication;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The gateway as it is delivered, with one endpoint more, {@code /actuator/memory}. It ends with the harness. Arguments: Spring's, as
 * {@code --name=value}.
 */
public final class GatewayMain {

    /** Begins the line with the port that it listens on. */
    public static final String PORT = "SUBJECT PORT ";

    private GatewayMain() {}

    public static void main(String[] args) {
        Parent.endWithIt();
        var program = GatewayApplication.application()
                .initializers(context -> ((GenericApplicationContext) context)
                        .registerBean("memoryEndpoint", MemoryEndpoint.class, MemoryEndpoint::new))
                .run(args);
        System.out.println(PORT + program.getEnvironment().getProperty("local.server.port"));
        System.out.println(Ready.MARKER);
    }
}
