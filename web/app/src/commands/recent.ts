const most = 8;

/** The commands that were given last, newest first: for as long as the page lives. */
class Recent {
  ids: string[] = [];

  took(id: string) {
    this.ids = [id, ...this.ids.filter((other) => other !== id)].slice(0, most);
  }

  forget() {
    this.ids = [];
  }
}

export const recent = new Recent();
