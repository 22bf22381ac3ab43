package io.celeriac.client.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Makes beans of interfaces whose methods are annotated with {@link io.celeriac.client.typed.Task}. Interfaces in the packages of a
 * Spring Boot application become beans without it.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(TaskInterfaceRegistrar.Imported.class)
public @interface ImportTaskClients {

    /** The interfaces. */
    Class<?>[] value() default {};

    /** Packages that are searched for such interfaces; the package of the annotated class, if neither is given. */
    String[] basePackages() default {};
}
