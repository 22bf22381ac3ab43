/**
 * The import of a django-celery-beat's tasks, as a command.
 *
 * <p>{@link SourceTaskRepository} reads rows as they are, {@code Translation} makes a schedule of one or says
 * why not, as a pure function, {@code Importer} stores what differs from what is there, and {@code ImportReport} tells it.
 * {@link ImportApplication} puts them together.
 */
@NullMarked
package io.celeriac.djangoimport;

import org.jspecify.annotations.NullMarked;
