/** Whether the agent put the side panel away, where there is room for it. Holds for this page. */
export const side = $state({ hidden: false });
