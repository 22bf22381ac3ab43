/** The tasks that were sent, and assertions about them. */
@NullMarked
package io.celeriac.test.sent;

import org.jspecify.annotations.NullMarked;
