package io.celeriac.bench.subject;

import io.celeriac.results.materializer.MaterializerConfiguration;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The materializer alone, as the worker embeds it. Arguments: bootstrap servers, namespace, and Spring's properties as
 * {@code name=value}.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({DataSourceAutoConfiguration.class, KafkaAutoConfiguration.class})
@Import(MaterializerConfiguration.class)
public class MaterializerApplication {

    public static void main(String[] args) {
        Parent.endWithIt();
        program(MaterializerApplication.class, List.of(args[0], args[1]), null)
                .properties(Arrays.copyOfRange(args, 2, args.length))
                .run();
        System.out.println(Ready.MARKER);
    }

    /**
     * A program that is not started yet.
     *
     * @param where bootstrap servers and namespace
     * @param database that it uses; null for the one that its properties name
     */
    public static SpringApplicationBuilder program(
            Class<?> application, List<String> where, @Nullable DataSource database) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .initializers(context -> {
                    if (database != null) {
                        ((GenericApplicationContext) context)
                                .registerBean("database", DataSource.class, () -> database);
                    }
                })
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.jmx.enabled=false",
                        "spring.kafka.bootstrap-servers=" + where.get(0),
                        "celeriac.namespace=" + where.get(1));
    }
}
