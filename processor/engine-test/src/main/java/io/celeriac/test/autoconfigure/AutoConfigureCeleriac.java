package io.celeriac.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;
import org.springframework.test.context.TestPropertySource;

/**
 * Replaces the broker of a Spring Boot test by a {@link io.celeriac.test.TaskSandbox}. Beans of the application keep their client and
 * their interfaces of tasks. {@code TaskSandbox}, {@code TestClock} and {@code SentTasks} are beans, and empty for each test.
 *
 * <pre>{@code
 * @SpringBootTest
 * @AutoConfigureCeleriac
 * class OrdersTest {
 *     @Autowired SentTasks sent;
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ImportAutoConfiguration(CeleriacTestAutoConfiguration.class)
@PropertyMapping("celeriac.test")
@TestPropertySource(properties = {"celeriac.worker.enabled=false", "celeriac.client.outbox.enabled=false"})
public @interface AutoConfigureCeleriac {

    /** Whether tasks run. */
    Mode mode() default Mode.INLINE;

    /** What happens to tasks. */
    enum Mode {
        /** They run in the thread that sends them, by the handlers of the application. */
        INLINE,
        /** They are only recorded. */
        RECORDING
    }
}
