package io.celeriac.engine;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a parameter of a {@link TaskHandler} whose argument is secret: the handler gets it, and everybody else, in results, in the
 * database, in the console and in logs, gets {@code "[secret]"}. Where an exception quotes it, it is taken out of the message and
 * the stack trace, unless it is shorter than four characters or the handler has changed it before.
 *
 * <p>With one parameter marked, arguments that the handler has no parameter for are secret too, as they may be the secret under a
 * misspelt name. A record that takes all of {@code kwargs} is secret as a whole.
 *
 * <p>On the topics of tasks, in the store of a worker and among the dead letters a task has its arguments as they were sent.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Secret {}
