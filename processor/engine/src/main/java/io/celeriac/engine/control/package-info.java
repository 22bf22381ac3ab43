/** What people order: the control topic as this worker knows it. */
@NullMarked
package io.celeriac.engine.control;

import org.jspecify.annotations.NullMarked;
