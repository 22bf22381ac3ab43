/** The commands to workers: the control topic, and the revocations that came over it. */
@NullMarked
package io.celeriac.engine.control;

import org.jspecify.annotations.NullMarked;
