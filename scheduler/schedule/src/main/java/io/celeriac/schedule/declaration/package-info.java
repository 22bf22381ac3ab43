/**
 * Schedules that applications declare in their code. Owns the tables {@code schedule_declared} and {@code schedule_declaration_offset}.
 *
 * <p>{@link io.celeriac.schedule.declaration.Declarations} applies them. {@link io.celeriac.schedule.declaration.DeclarationRules}
 * decides, as a pure function, what may be overwritten and what belongs to a person.
 */
@NullMarked
package io.celeriac.schedule.declaration;

import org.jspecify.annotations.NullMarked;
