/**
 * Schedules that applications have in their code: declarations become schedules. Owns the tables {@code schedule_declared} and
 * {@code schedule_declaration_offset}.
 *
 * <p>{@link io.celeriac.schedule.declaration.Declarations} applies them; what may be written over and what is a person's,
 * {@link io.celeriac.schedule.declaration.DeclarationRules} decides, as a pure function.
 */
@NullMarked
package io.celeriac.schedule.declaration;

import org.jspecify.annotations.NullMarked;
