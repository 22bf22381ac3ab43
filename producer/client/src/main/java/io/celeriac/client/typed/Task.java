package io.celeriac.client.typed;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of an interface send a task:
 *
 * <pre>{@code
 * interface Mails extends TaskCalls<Mails> {
 *     @Task("mail.send")
 *     TaskHandle<String> send(String to, String subject);
 * }
 * mails.send("ada@example.org", "Hello");
 * mails.with(o -> o.countdown(Duration.ofMinutes(5)).key("customer-7")).send("ada@example.org", "Hello");
 * }</pre>
 *
 * <p>Arguments travel as named arguments, by the names of the parameters. So compile with {@code -parameters}, as Spring Boot's
 * plugins do. The method returns a {@code TaskHandle} of the handler's result type. What the annotation leaves out is decided by the route and by
 * the handler.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Task {

    /** Name of the handler. */
    String value();

    /** The queue; empty for the one of the route. */
    String queue() default "";

    /** 0 to 9; −1 for the default, 5. */
    int priority() default -1;

    /** Does not start later than this long after the call, ISO 8601 such as {@code PT1H}; empty for no limit. */
    String expires() default "";

    /** Attempts in all; 0 for the handler's. */
    int maxAttempts() default 0;

    /** Longest attempt, ISO 8601 such as {@code PT30S}; empty for the handler's. */
    String timeLimit() default "";

    /** True: STARTED is published too. */
    boolean trackStarted() default false;

    /** True: only failures are published. */
    boolean ignoreResult() default false;
}
