/**
 * The import of a django-celery-beat's tasks, as a command.
 *
 * <p>{@link io.celeriac.beat.djangoimport.SourceTaskRepository} reads rows as they are, {@code Translation} makes a schedule of one or says
 * why not, as a pure function, {@code Importer} stores what differs from what is there, and {@code ImportReport} tells it.
 * {@link io.celeriac.beat.djangoimport.ImportApplication} puts them together.
 */
@NullMarked
package io.celeriac.beat.djangoimport;

import org.jspecify.annotations.NullMarked;
