package io.celeriac.web.page;

import io.swagger.v3.oas.annotations.Hidden;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.stereotype.Controller;

/**
 * Marks a controller of the console's pages.
 *
 * <p>A page only reads. What a reader changes goes by script to the REST calls, so that a rule stands at one place. Each page needs a
 * row in the table of endpoints, as REST calls do.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Controller
@Hidden
public @interface Page {}
