package io.celeriac.engine;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a parameter of a {@link TaskHandler} whose argument is secret. Only the handler gets the value; results, the database, the
 * console and logs show {@code "[secret]"}. Where an exception quotes the value, it is removed from the message and the stack trace,
 * unless it is shorter than four characters or the handler has changed it.
 *
 * <p>If one parameter is marked, arguments without a parameter in the handler are secret too, because one may be the secret under a
 * misspelt name. A record that takes all of {@code kwargs} is secret as a whole.
 *
 * <p>The topics of tasks, the store of a worker and the dead letters hold a task's arguments as they were sent.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Secret {}
