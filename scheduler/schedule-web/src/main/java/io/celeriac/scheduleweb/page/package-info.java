/** The pages of schedules in the console. */
@NullMarked
package io.celeriac.scheduleweb.page;

import org.jspecify.annotations.NullMarked;
